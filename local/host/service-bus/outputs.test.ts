/** Messages that functions leave in their outputs. */
import { output } from "@azure/functions";
import { expect, test } from "vitest";
import { entitiesOf, receiveOne } from "../../service-bus/test-bus.ts";
import { jobs, startWorking } from "../../../test/support/queue-host.ts";

const entities = entitiesOf({ jobs: {}, results: {} });

const results = output.serviceBusQueue({ connection: "Bus", queueName: "results" });

test("each element of an array is a message, in its own form", async () => {
  const { client, sender } = await startWorking(
    (app) => {
      app.serviceBusQueue("Work", {
        ...jobs,
        extraOutputs: [results],
        handler: (_, context) => {
          context.extraOutputs.set(results, [{ n: 1 }, "plain"]);
        },
      });
    },
    { entities },
  );
  await sender.sendMessages({ body: {} });

  const receiver = client.createReceiver("results");
  const received = [await receiveOne(receiver), await receiveOne(receiver)];

  expect(received).toMatchObject([
    { body: { n: 1 }, contentType: "application/json" },
    // Without the quotes that JSON would have.
    { body: Buffer.from("plain"), contentType: "text/plain" },
  ]);
});

test("a return binding sends what is returned", async () => {
  const { client, sender } = await startWorking(
    (app) => {
      app.serviceBusQueue("Work", { ...jobs, return: results, handler: (body) => ({ body }) });
    },
    { entities },
  );
  await sender.sendMessages({ body: { n: 1 } });

  expect((await receiveOne(client.createReceiver("results"))).body).toEqual({ body: { n: 1 } });
});

test("without a return binding, a returned object's key that names an output is bound to it", async () => {
  const { client, sender } = await startWorking(
    (app) => {
      app.serviceBusQueue("Work", {
        ...jobs,
        extraOutputs: [{ ...results, name: "results" }],
        handler: () => ({ results: { implied: true }, other: 1 }),
      });
    },
    { entities },
  );
  await sender.sendMessages({ body: {} });

  expect((await receiveOne(client.createReceiver("results"))).body).toEqual({ implied: true });
});

test("an output that cannot be sent fails the invocation", async () => {
  const missing = output.serviceBusQueue({ connection: "None", queueName: "results" });
  const { host } = await startWorking((app) => {
    app.timer("Tick", {
      schedule: "0 0 0 1 1 *",
      return: missing,
      handler: () => ({ n: 1 }),
    });
  });

  await expect(host.invoke("Tick")).rejects.toThrow('The connection setting "None" is missing');
});
