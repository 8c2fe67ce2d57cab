// Found is what a reading of many things gave. Where it stopped before their end, cut says so: a list must not look complete that is
// not. What is made of it anew carries cut along by keep.
export interface Found<T> extends Array<T> {
  cut?: boolean;
}

export function found<T>(items: T[], cut: boolean): Found<T> {
  return cut ? Object.assign(items, { cut }) : items;
}

export const keep = <T>(items: T[], ...of: Found<unknown>[]): Found<T> => found(items, of.some((o) => o.cut));
