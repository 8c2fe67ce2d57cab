import { back, lost } from "./connection";
import { ApiError, LostError, type Check } from "./error";

export interface CallOptions {
  body?: unknown;
  role?: string; // "account/role": in whose name the factory is asked
  key?: string; // idempotency key of a submission
  signal?: AbortSignal;
}

interface ErrorBody {
  error?: { code?: string; message?: string; checks?: Check[]; requestId?: string };
}

// call asks the server. It throws ApiError for a refusal and LostError when nothing answers; without a session it goes to sign-in
// and comes back to the same address.
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const answer = await send(method, path, options);
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  const error = await refusal(answer);
  if (error.code === "Unauthenticated") signIn();
  throw error;
}

async function send(method: string, path: string, { body, role, key, signal }: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (role) headers["X-Accountfactory-Role"] = role;
  if (key) headers["Idempotency-Key"] = key;
  try {
    const answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal, cache: "no-store" });
    if (answer.status === 502 || answer.status === 504) throw new LostError(); // a proxy speaks for a server that is away
    back();
    return answer;
  } catch (error) {
    if (signal?.aborted) throw error;
    lost();
    throw new LostError();
  }
}

async function refusal(answer: Response): Promise<ApiError> {
  let body: ErrorBody = {};
  try {
    body = (await answer.json()) as ErrorBody;
  } catch {
    // not ours: the status has to do
  }
  const { code, message, checks, requestId } = body.error ?? {};
  return new ApiError(answer.status, code ?? String(answer.status), message ?? `The server answered ${answer.status}.`, checks, requestId);
}

// signIn leaves for the sign-in pages, which come back here.
export function signIn(): void {
  location.assign("/sign-in?return=" + encodeURIComponent(location.pathname + location.search));
}
