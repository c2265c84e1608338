/**
 * What the same machine does at best with the same means: `node:http`, JSON, one durable insert into `node:sqlite`.
 *
 * Run as a process of its own; prints its address. `POST /one` inserts one document, `POST /many` an array in one
 * transaction, `GET /page` reads fifty.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";

const database = new DatabaseSync(process.argv[2] ?? ":memory:");
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
database.exec("CREATE TABLE documents (number INTEGER PRIMARY KEY, subject TEXT, body TEXT)");
const insert = database.prepare("INSERT INTO documents (subject, body) VALUES (?, ?)");
const page = database.prepare(
  "SELECT body FROM documents WHERE number > ? ORDER BY number LIMIT 50",
);

interface Document {
  readonly subject: string;
}

const store = (document: Document): void => {
  insert.run(document.subject, JSON.stringify(document));
};

const storeAll = (documents: readonly Document[]): void => {
  database.exec("BEGIN");
  for (const document of documents) store(document);
  database.exec("COMMIT");
};

const answer = (request: IncomingMessage, response: ServerResponse, body: string): void => {
  if (request.url === "/one") store(JSON.parse(body) as Document);
  if (request.url === "/many") storeAll(JSON.parse(body) as Document[]);
  if (request.url === "/page") {
    const rows = page.all(0) as { body: string }[];
    response.setHeader("content-type", "application/json");
    response.end(`[${rows.map((row) => row.body).join(",")}]`);
    return;
  }
  response.end();
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    answer(request, response, Buffer.concat(chunks).toString());
  });
});

server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
