import type { TableProps } from "@cloudscape-design/components/table";

// roomy keeps columns from breaking words on narrow screens: the table scrolls in itself instead.
export const roomy = <T>(columns: TableProps.ColumnDefinition<T>[]): TableProps.ColumnDefinition<T>[] => columns.map((c) => ({ minWidth: 145, ...c }));
