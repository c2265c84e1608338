/** One small HTTP server for tests of flows: keys and tokens, a decision point, Register, and end points that record. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportPKCS8, generateKeyPair, SignJWT } from "jose";

export interface RecordedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface Attribute {
  readonly attributeId: string;
  readonly value: string;
}

/** One question to the decision point: every attribute of its three categories. */
export type AskedAttributes = ReadonlyMap<string, string>;

export interface PlatformDouble {
  readonly url: string;
  readonly signingKey: string;
  /** What end points got, in order; `/hooks/…` only. */
  readonly hooks: RecordedCall[];
  /** Calls to the platform's services. */
  readonly calls: RecordedCall[];
  /** What the next calls of an end point are answered, in order; 200 afterwards. `"reset"` breaks the connection. */
  readonly hookAnswers: ({ status: number; headers?: Record<string, string> } | "reset")[];
  /** The answer to one question: replace it to deny. */
  isPermitted: (asked: AskedAttributes) => boolean;
  /** The authentication level that every permit demands. */
  minimumLevel: number | undefined;
  /** What Register says to whoever asks for a main unit. */
  mainUnits: { externalUrn?: string; partyId: number }[];
  /** 503 to everything that the platform's services are asked. */
  isDown: boolean;
  bearer(claims: Readonly<Record<string, unknown>>): Promise<string>;
  platformToken(issuer: string, app: string): Promise<string>;
  stop(): Promise<void>;
}

interface Category {
  readonly id: string;
  readonly attribute: readonly Attribute[];
}

interface DecisionRequest {
  readonly request: {
    readonly accessSubject: readonly Category[];
    readonly action: readonly Category[];
    readonly resource: readonly Category[];
    readonly multiRequests: {
      readonly requestReference: readonly { readonly referenceId: readonly string[] }[];
    };
  };
}

const obligationsOf = (level: number | undefined): readonly object[] =>
  level === undefined
    ? []
    : [
        {
          attributeAssignment: [
            { category: "urn:altinn:minimum-authenticationlevel", value: String(level) },
          ],
        },
      ];

function decide(
  body: string,
  { isPermitted, minimumLevel }: Pick<PlatformDouble, "isPermitted" | "minimumLevel">,
): object {
  const { request } = JSON.parse(body) as DecisionRequest;
  const categories = new Map(
    [...request.accessSubject, ...request.action, ...request.resource].map((it) => [it.id, it]),
  );
  return {
    response: request.multiRequests.requestReference.map(({ referenceId }) => {
      const attributes = referenceId.flatMap((id) => categories.get(id)?.attribute ?? []);
      const asked = new Map(attributes.map((it) => [it.attributeId, it.value]));
      return {
        decision: isPermitted(asked) ? "Permit" : "NotApplicable",
        obligations: obligationsOf(minimumLevel),
      };
    }),
  };
}

/** Everybody is known, but who is numbered 0. The UUID repeats the number, so that a test can recognise it. */
function identifiersOf(body: string): string {
  const { data } = JSON.parse(body) as { data: readonly string[] };
  const numbers = data.map((urn) => urn.split(":").at(-1) ?? "").filter((it) => Number(it) > 0);
  return JSON.stringify({
    data: numbers.map((number) => ({
      partyUuid: `00000000-0000-4000-8000-0${number}`,
      personIdentifier: number,
    })),
  });
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });

const EXPIRES_AT = Date.UTC(2036, 0, 1) / 1000;

export async function startPlatformDouble(): Promise<PlatformDouble> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: "RS256" }] });
  const sign = (issuer: string, claims: Readonly<Record<string, unknown>>): Promise<string> =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuer(issuer)
      .setExpirationTime(EXPIRES_AT)
      .sign(privateKey);

  const answerService = (path: string, body: string): { status: number; body: string } => {
    if (double.isDown) return { status: 503, body: "{}" };
    if (path.endsWith("/decision")) {
      return { status: 200, body: JSON.stringify(decide(body, double)) };
    }
    if (path.includes("/parties/query")) return { status: 200, body: identifiersOf(body) };
    if (path.endsWith("/main-units")) {
      return { status: 200, body: JSON.stringify({ data: double.mainUnits }) };
    }
    return body.includes("000000000")
      ? { status: 404, body: "{}" }
      : { status: 200, body: '{"partyId":50019855}' };
  };

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const path = request.url ?? "";
      const call = { method: request.method ?? "", path, headers: request.headers, body };
      if (path.startsWith("/keys")) {
        response.end(keys);
      } else if (path.startsWith("/hooks/")) {
        double.hooks.push(call);
        const next = double.hookAnswers.shift() ?? { status: 200 };
        if (next === "reset") {
          request.socket.destroy();
          return;
        }
        const { status, headers } = next;
        response.writeHead(status, headers).end("said the end point");
      } else {
        double.calls.push(call);
        const answer = answerService(path, body);
        response.writeHead(answer.status).end(answer.body);
      }
    });
  });
  const url = await listen(server);
  const double: PlatformDouble = {
    url,
    signingKey: await exportPKCS8(privateKey),
    hooks: [],
    calls: [],
    hookAnswers: [],
    isPermitted: () => true,
    minimumLevel: undefined,
    mainUnits: [],
    isDown: false,
    bearer: (claims) => sign("test-issuer", claims),
    platformToken: (issuer, app) => sign(issuer, { "urn:altinn:app": app }),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
  return double;
}
