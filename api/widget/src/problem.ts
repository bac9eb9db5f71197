/** Problems between visitor and service, by kind (docs/api.md, Errors). */

/** `offline`, `unreachable` and `cut` are detected here; the service sends the others. */
export class Problem extends Error {
  constructor(
    readonly kind: string,
    /** Seconds after which to try again; 0 when unknown. */
    readonly wait = 0,
  ) {
    super(kind);
    this.name = "Problem";
  }
}

const URN = "urn:problem-type:zhengwen:";

/** The problem in a response other than 2xx. */
export async function problemFrom(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  return new Problem(kindOf(body) || `http-${response.status}`, secondsOf(response.headers.get("Retry-After")));
}

/** The kind in a problem+json body; empty when there is none. */
export function kindOf(body: unknown): string {
  const type = typeof body === "object" && body !== null && "type" in body ? body.type : "";
  return typeof type === "string" && type.startsWith(URN) ? type.slice(URN.length) : "";
}

/** A fetch that fails without a response gives no reason. */
export function unreached(): Problem {
  return new Problem(navigator.onLine === false ? "offline" : "unreachable");
}

function secondsOf(header: string | null): number {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : 0;
}
