import TopNavigation, { type TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import { signOut } from "../api/session";
import { accountText } from "../common/account";
import { useAct } from "../common/act";
import { type Place, usePlace, useSession } from "../common/place";
import { navigate } from "../router/history";
import { regionName, regionsFrom } from "./regions";
import { ServiceSearch } from "./search";
import { setTheme, theme, type Theme } from "./theme";
import icon from "./icon.svg";

// Top is the bar over every page: search, Region, role, person.
export function Top() {
  const place = usePlace();
  const session = useSession();
  const [, act] = useAct();
  const person: TopNavigationProps.MenuDropdownUtility = {
    type: "menu-dropdown",
    iconName: "user-profile",
    text: session.user.displayName || session.user.userName,
    ariaLabel: `Signed in as ${session.user.userName}`,
    items: [
      { id: "who", text: session.user.userName, secondaryText: session.user.email, disabled: true },
      { id: "theme", text: "Appearance", items: themes() },
      { id: "signout", text: "Sign out" },
    ],
    onItemClick: ({ detail }) => {
      if (detail.id === "signout") void act("sign out", signOut);
      if (detail.id.startsWith("theme-")) setTheme(detail.id.slice(6) as Theme);
    },
  };
  return (
    <TopNavigation
      identity={{ href: "/", title: "Account Factory", logo: { src: icon, alt: "Logo" } }}
      search={place ? <ServiceSearch /> : undefined}
      utilities={place?.plain ? [person] : place ? [region(place), role(place), person] : [person]}
    />
  );
}

const themes = () =>
  (["system", "light", "dark"] as const).map((t) => ({
    id: `theme-${t}`,
    itemType: "checkbox" as const,
    checked: theme() === t,
    text: { system: "As the system", light: "Light", dark: "Dark" }[t],
  }));

function region(place: Place): TopNavigationProps.MenuDropdownUtility {
  return {
    type: "menu-dropdown",
    iconName: "globe",
    text: regionName(place.region),
    title: "Region",
    ariaLabel: `Region: ${place.region}${place.region === place.home ? ", home Region" : ""}`,
    items: regionsFrom(place.home).map((id) => ({
      id,
      text: regionName(id),
      secondaryText: id === place.home ? `${id}, home Region` : id,
      itemType: "checkbox" as const,
      checked: id === place.region,
    })),
    onItemClick: ({ detail }) => navigate(location.pathname + (detail.id === place.home ? "" : `?region=${detail.id}`)),
  };
}

function role(place: Place): TopNavigationProps.MenuDropdownUtility {
  return {
    type: "menu-dropdown",
    iconName: "key", // without a text: the bar above has it, and the Region's name needs the room
    title: "Role",
    ariaLabel: `Role ${place.role} in account ${place.account}`,
    items: [
      { id: "role", text: place.role, secondaryText: `Account ${accountText(place.account)}`, disabled: true },
      { id: "portal", text: "Access portal: other accounts and roles", href: "/" },
    ],
  };
}
