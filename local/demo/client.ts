/** How the demo talks to the stack: HTTP alone, as any caller would. */

export interface DemoClient {
  readonly host: string;
  readonly platform: string;
  readonly inbox: string;
  /** A request of the service owner `ttd`; JSON both ways. */
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<DemoAnswer>;
  /** What a page of the inbox says, once there is something; waits at most so many seconds. */
  fromInbox(path: string, waitInSeconds: number): Promise<unknown>;
}

export interface DemoAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const SCOPES = [
  "altinn:serviceowner",
  "altinn:events.publish",
  "altinn:events.subscribe",
  "altinn:serviceowner/notifications.create",
];

const json = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // some answers are plain text
  }
};

export async function connect(
  addresses: Pick<DemoClient, "host" | "platform" | "inbox">,
): Promise<DemoClient> {
  const query = new URLSearchParams({
    org: "ttd",
    orgNo: "991825827",
    scopes: SCOPES.join(" "),
  });
  const token = await fetch(`${addresses.platform}/api/GetEnterpriseToken?${query.toString()}`);
  const authorization = `Bearer ${await token.text()}`;
  return {
    ...addresses,
    async call(method, path, body, contentType = "application/json") {
      const response = await fetch(`${addresses.host}${path}`, {
        method,
        headers: { authorization, ...(body !== undefined && { "content-type": contentType }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: await json(response) };
    },
    async fromInbox(path, waitInSeconds) {
      const separator = path.includes("?") ? "&" : "?";
      return json(await fetch(`${addresses.inbox}${path}${separator}wait=${waitInSeconds}`));
    },
  };
}
