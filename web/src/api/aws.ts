import { type Found, found } from "../common/found";
import { call } from "./call";

export type Service = "servicecatalog" | "organizations" | "controltower" | "sso-admin" | "identitystore" | "account" | "iam" | "sts";

// AWS asks AWS with the opened role's credentials, which the server holds. Members have AWS's names.
export interface AWS {
  ask<T>(service: Service, operation: string, input?: object): Promise<T>;
  // all follows a list's pages to their end, or to a number of items beyond which it says that there are more.
  all<T>(service: Service, operation: string, member: string, input?: object, tokens?: Tokens): Promise<Found<T>>;
}

// Tokens are the members that carry a list's place: services differ.
export interface Tokens {
  in: string;
  out: string;
}

const nextToken: Tokens = { in: "NextToken", out: "NextToken" };

// pageTokens is how Service Catalog goes on.
export const pageTokens: Tokens = { in: "PageToken", out: "NextPageToken" };

const mostItems = 20_000;

export function awsAs(account: string, role: string, region: string): AWS {
  const base = `/api/v1/aws/${encodeURIComponent(account)}/${encodeURIComponent(role)}/${region}`;
  const ask = <T>(service: Service, operation: string, input: object = {}) => call<T>("POST", `${base}/${service}/${operation}`, { body: input });
  return {
    ask,
    async all<T>(service: Service, operation: string, member: string, input: object = {}, tokens = nextToken) {
      const items: T[] = [];
      for (let token: string | undefined; ; ) {
        const page: Record<string, unknown> = await ask(service, operation, token ? { ...input, [tokens.in]: token } : input);
        items.push(...((page[member] as T[] | null) ?? []));
        token = (page[tokens.out] as string | null) ?? undefined;
        if (!token || items.length >= mostItems) return found(items, !!token);
      }
    },
  };
}
