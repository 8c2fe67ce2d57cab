import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Facts } from "../common/facts";
import { useHere } from "../common/place";
import { roleText } from "../common/account";
import { Copied } from "../common/copy";
import { regionName } from "./regions";
import { servicesFor } from "./services";

// Home is what an opened role begins with: where one is, and the services.
export function Home() {
  const place = useHere();
  const shown = servicesFor(place.session);
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description="Search services above, or choose one here">
        Console home
      </Header>
      <Container>
        <Facts
          columns={3}
          items={[
            { label: "Account", value: <Copied text={place.account} what="account id" /> },
            { label: "Role", value: roleText(place) },
            { label: "Region", value: `${regionName(place.region)} (${place.region})${place.region === place.home ? ", home Region" : ""}` },
          ]}
        />
      </Container>
      <ColumnLayout columns={2}>
        {shown.map((s) => (
          <Container key={s.name} header={<Header variant="h2"><Link href={place.href(s.path)} fontSize="inherit">{s.name}</Link></Header>} fitHeight>
            <Box color="text-body-secondary">{s.about}</Box>
            <ul>
              {s.pages.map((p) => (
                <li key={p.path}>
                  <Link href={place.href(p.path)}>{p.text}</Link>
                </li>
              ))}
            </ul>
          </Container>
        ))}
      </ColumnLayout>
    </SpaceBetween>
  );
}
