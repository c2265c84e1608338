/** Makes the database and the containers of the topology in the account that the setting `Cosmos` names: for the official emulator. */
import { provision } from "../local/provision.ts";

const connectionString = process.env["Cosmos"];
if (connectionString === undefined || connectionString === "") {
  console.error("Set Cosmos to the connection string of the account.");
  process.exit(1);
}
await provision(connectionString);
console.log("The containers of infra/topology.json are there.");
