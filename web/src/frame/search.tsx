import { useState } from "react";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import { usePlace } from "../common/place";
import { navigate } from "../router/history";
import { findServices, servicesFor } from "./services";

// ServiceSearch finds services by their names of today and of yesterday.
export function ServiceSearch() {
  const place = usePlace();
  const [text, setText] = useState("");
  if (!place) return null;
  const services = servicesFor(place.session);
  const found = findServices(text, services);
  return (
    <Autosuggest
      value={text}
      onChange={({ detail }) => setText(detail.value)}
      onSelect={({ detail }) => {
        const chosen = found.find(({ entry }) => entry.name === detail.value) ?? findServices(detail.value, services)[0];
        if (!chosen) return;
        setText("");
        navigate(place.href(chosen.entry.path));
      }}
      options={found.map(({ entry, word }) => ({ value: entry.name, description: entry.about, tags: word === entry.name ? [] : [word] }))}
      filteringType="manual"
      ariaLabel="Search services"
      placeholder="Search services"
      enteredTextLabel={(value) => (found.length > 0 ? `Go to: ${value}` : `No service is called ${value}`)}
      empty="No service"
    />
  );
}
