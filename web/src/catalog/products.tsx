import { useState } from "react";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import Box from "@cloudscape-design/components/box";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { navigate } from "../router/history";
import { readProducts } from "./read";
import type { ProductView } from "./types";

// Products is the products list: what this role may launch.
export function Products() {
  const place = useHere();
  const list = useResource("products", () => readProducts(place));
  const [chosen, choose] = useState<ProductView>();
  const path = (p: ProductView) => place.href(`/servicecatalog/products/${p.ProductId}`);
  return (
    <List
      of={list}
      what="read the products"
      title="Products"
      description="Products this role may launch"
      track={(p) => p.ProductId}
      select={{ item: chosen, change: choose, label: (p) => `Choose ${p.Name}` }}
      actions={
        <Button variant="primary" disabled={!chosen} onClick={() => chosen && navigate(place.href(`/servicecatalog/products/${chosen.ProductId}/launch`))}>
          Launch product
        </Button>
      }
      columns={[
        { id: "name", header: "Product name", cell: (p) => <Link href={path(p)}>{p.Name}</Link>, sortingField: "Name", isRowHeader: true },
        { id: "owner", header: "Owner", cell: (p) => p.Owner ?? "-", sortingField: "Owner" },
        { id: "about", header: "Description", cell: (p) => p.ShortDescription ?? "-" },
        { id: "id", header: "ID", cell: (p) => p.ProductId },
      ]}
      empty={
        <>
          <b>No products</b>
          <Box variant="p">
            {place.plain ? (
              <>
                The factory makes accounts without a product here: use the form <Link href={place.href("/controltower/create-account")}>Create account</Link>.
              </>
            ) : (
              <>
                {place.role} in account {place.account} may launch nothing. Access comes with the group AWSAccountFactory in the management account: ask an administrator, or open another role at the{" "}
                <a href="/">access portal</a>.
              </>
            )}
          </Box>
        </>
      }
    />
  );
}
