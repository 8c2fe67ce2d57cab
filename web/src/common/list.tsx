import { useCollection } from "@cloudscape-design/collection-hooks";
import type { ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { roomy } from "./columns";
import type { Found } from "./found";
import type { Reading } from "./resource";
import { Trouble } from "./trouble";

export interface ListProps<T> {
  of: Reading<Found<T>>;
  what: string; // "read the products": completes "could not …"
  title: string;
  description?: ReactNode;
  columns: TableProps.ColumnDefinition<T>[];
  track: (item: T) => string;
  empty: ReactNode; // what to do when there is nothing
  actions?: ReactNode;
  filter?: ReactNode; // beside the search
  select?: { item: T | undefined; change: (item: T) => void; label: (item: T) => string };
  headingTag?: "h1" | "h2";
  narrow?: ReactNode; // how to get at the rest, where not everything was read
}

const perPage = 25;

// List is a table with search, sorting and pages over what was read.
export function List<T>(p: ListProps<T>) {
  const items: Found<T> = p.of.data ?? [];
  const { items: rows, collectionProps, filterProps, paginationProps, filteredItemsCount, actions } = useCollection(items, {
    filtering: {
      empty: <Empty>{p.empty}</Empty>,
      noMatch: <Empty>Nothing matches. <Button variant="inline-link" onClick={() => actions.setFiltering("")}>Clear the search</Button></Empty>,
    },
    pagination: { pageSize: perPage },
    sorting: {},
  });
  return (
    <SpaceBetween size="m">
      {p.of.error && <Trouble error={p.of.error} what={p.what} retry={p.of.refresh} />}
      {items.cut && (
        <Alert type="warning" header={`Only ${items.length.toLocaleString()} are shown, and there are more`}>
          {p.narrow ?? "Searching and sorting here look at those alone. The AWS CLI lists all of them."}
        </Alert>
      )}
      <Table<T>
        {...collectionProps}
        items={rows}
        trackBy={p.track}
        variant="container"
        wrapLines
        columnDefinitions={roomy(p.columns)}
        loading={p.of.loading && !p.of.data}
        loadingText="Reading…"
        enableKeyboardNavigation
        selectionType={p.select ? "single" : undefined}
        selectedItems={p.select?.item ? [p.select.item] : []}
        onSelectionChange={({ detail }) => detail.selectedItems[0] && p.select?.change(detail.selectedItems[0])}
        ariaLabels={p.select && { selectionGroupLabel: "Choose one", itemSelectionLabel: (_, item) => p.select!.label(item), tableLabel: p.title }}
        header={
          <Header variant={p.headingTag ?? "h1"} counter={p.of.data && `(${items.length}${items.cut ? "+" : ""})`} description={p.description} actions={<Actions refresh={p.of.refresh} loading={p.of.loading}>{p.actions}</Actions>}>
            {p.title}
          </Header>
        }
        filter={
          <div className="af-filters">
            <TextFilter {...filterProps} filteringPlaceholder={`Search ${within(p.title)}`} filteringAriaLabel={`Search ${within(p.title)}`} countText={`${filteredItemsCount} found`} />
            {p.filter}
          </div>
        }
        pagination={items.length > perPage ? <Pagination {...paginationProps} /> : undefined}
      />
    </SpaceBetween>
  );
}

// within writes a title as it stands within a sentence: AWS stays AWS.
const within = (title: string) => title.replace(/^[A-Z](?![A-Z])/, (first) => first.toLowerCase());

function Actions({ refresh, loading, children }: { refresh: () => void; loading: boolean; children: ReactNode }) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button iconName="refresh" ariaLabel="Refresh" onClick={refresh} loading={loading} />
      {children}
    </SpaceBetween>
  );
}

function Empty({ children }: { children: ReactNode }) {
  return (
    <Box textAlign="center" color="inherit" padding={{ vertical: "m" }}>
      {children}
    </Box>
  );
}
