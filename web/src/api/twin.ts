import { call } from "./call";

// Lab and directory administration: what the twin has and AWS has not. The twin decides which roles may.
export interface Twin {
  get<T>(path: string): Promise<T>;
  send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<T>;
}

export function twinAs(account: string, role: string): Twin {
  const base = `/api/v1/twin/${encodeURIComponent(account)}/${encodeURIComponent(role)}/`;
  return {
    get: (path) => call("GET", base + path),
    send: (method, path, body = {}) => call(method, base + path, { body }),
  };
}
