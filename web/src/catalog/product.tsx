import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { roomy } from "../common/columns";
import { Copied } from "../common/copy";
import { Facts } from "../common/facts";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { Time } from "../common/time";
import type { PageProps } from "../pages";
import { readLaunchable } from "./read";
import { accountType, type Artifact } from "./types";

// Product is one product with its versions, from where it is launched.
export function Product({ params }: PageProps) {
  const place = useHere();
  const id = params.id!;
  const read = useResource(`product/${id}`, () => readLaunchable(place, id));
  return (
    <Shown of={read} what="read the product">
      {({ view, artifacts }) => (
        <SpaceBetween size="l">
          <Header
            variant="h1"
            description={view.ShortDescription}
            actions={<Button variant="primary" href={place.href(`/servicecatalog/products/${id}/launch`)}>Launch product</Button>}
          >
            {view.Name}
          </Header>
          {view.Type !== accountType && <Alert type="info">Launching from here is made for Account Factory alone. Other products are launched with the AWS CLI.</Alert>}
          <Container header={<Header variant="h2">Product details</Header>}>
            <Facts
              columns={3}
              items={[
                { label: "Owner", value: view.Owner ?? "-" },
                { label: "Type", value: view.Type ?? "-" },
                { label: "Product ID", value: <Copied text={id} what="product id" /> },
              ]}
            />
          </Container>
          <Table<Artifact>
            header={<Header variant="h2" counter={`(${artifacts.length})`}>Product versions</Header>}
            items={artifacts}
            wrapLines
            columnDefinitions={roomy([
              { id: "name", header: "Version", cell: (a) => a.Name, isRowHeader: true },
              { id: "about", header: "Description", cell: (a) => a.Description ?? "-" },
              { id: "at", header: "Created", cell: (a) => <Time at={a.CreatedTime} /> },
              { id: "id", header: "ID", cell: (a) => a.Id },
            ])}
            empty={<Box>No version is active</Box>}
          />
        </SpaceBetween>
      )}
    </Shown>
  );
}
