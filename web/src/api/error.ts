// Check is one thing the factory looked at: what was seen and, where it failed, what helps.
export interface Check {
  name: string;
  result: "ok" | "note" | "failed";
  seen: string;
  remedy?: string;
}

// ApiError is a refusal in the server's or AWS's words.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly checks: Check[] = [],
    readonly requestId = "",
  ) {
    super(message);
  }

  // denied reports a refusal for want of permission, which trying again does not change.
  get denied(): boolean {
    return this.status === 403 || /AccessDenied|UnauthorizedOperation|NotAuthorized|Forbidden/.test(this.code);
  }

  get missing(): boolean {
    return this.status === 404 || /NotFound/.test(this.code);
  }
}

// LostError is no answer at all: the server is away, or the way to it.
export class LostError extends Error {
  constructor() {
    super("The server does not answer.");
  }
}

// permission names the action that AWS's sentence says is missing, "" where it names none.
export function permission(message: string): string {
  return /perform:? ([\w-]+:\w+)/.exec(message)?.[1] ?? "";
}
