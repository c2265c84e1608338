import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
} from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { sparingPlan, withoutPlanRequests } from "./query-plans.ts";

/** A database that answers no query without its plan. */
const insistent: HttpClient = {
  sendRequest: (request) =>
    Promise.resolve({
      request,
      status: 200,
      headers: createHttpHeaders(),
      bodyAsText: [...request.headers].map(([name]) => name).join(),
    }),
};

test("a database that wants the plan after all gets the query once more, unmarked", async () => {
  const client = withoutPlanRequests(insistent);
  const marks: unknown[] = [];

  const answer = await sparingPlan("p", async ({ initialHeaders = {} }) => {
    marks.push(initialHeaders);
    const headers = { ...initialHeaders, "x-ms-cosmos-is-query-plan-request": "True" };
    const request = createPipelineRequest({
      url: "http://db.example.com",
      headers: createHttpHeaders(headers),
    });
    const { status, bodyAsText } = await client.sendRequest(request);
    if (status === 200) return bodyAsText;
    throw new Error((JSON.parse(bodyAsText ?? "") as { message: string }).message);
  });

  expect(marks).toEqual([{ "x-budstikke-one-partition": "1" }, {}]);
  expect(answer).toBe("x-ms-cosmos-is-query-plan-request");
});

test("the mark is not sent on, and the beginning of a longer key is not marked", async () => {
  const client = withoutPlanRequests(insistent);
  const headers = createHttpHeaders({ "x-budstikke-one-partition": "1", accept: "a" });
  const request = createPipelineRequest({ url: "http://db.example.com", headers });

  expect((await client.sendRequest(request)).bodyAsText).toBe("accept");
  expect(await sparingPlan(["feed"], (options) => Promise.resolve(options))).toEqual({});
  expect(await sparingPlan(undefined, (options) => Promise.resolve(options))).toEqual({});
});
