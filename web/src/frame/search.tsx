import { useState } from "react";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import { usePlace } from "../common/place";
import { navigate } from "../router/history";
import { findServices } from "./services";

// ServiceSearch finds services by their names of today and of yesterday.
export function ServiceSearch() {
  const place = usePlace();
  const [text, setText] = useState("");
  if (!place) return null;
  const found = findServices(text, place.session.cloud === "twin");
  return (
    <Autosuggest
      value={text}
      onChange={({ detail }) => setText(detail.value)}
      onSelect={({ detail }) => {
        const chosen = found.find(({ entry }) => entry.name === detail.value) ?? findServices(detail.value, place.session.cloud === "twin")[0];
        if (!chosen) return;
        setText("");
        navigate(place.href(chosen.entry.path));
      }}
      options={found.map(({ entry, word }) => ({ value: entry.name, description: entry.about, tags: word === entry.name ? [] : [word] }))}
      filteringType="manual"
      ariaLabel="Search services"
      placeholder="Search services"
      enteredTextLabel={(value) => `Go to: ${value}`}
      empty="No service has that name"
    />
  );
}
