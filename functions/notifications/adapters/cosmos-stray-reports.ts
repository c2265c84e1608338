/** Delivery reports that belong to nothing, where an operator sees them. */
import { derivedKey } from "../../kernel/derived-id.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { StrayReports } from "../domain/provider-ports.ts";

export const createCosmosStrayReports = (documents: Documents): StrayReports => ({
  async keep(report) {
    const { provider, reference, reason, evidence, detail } = report;
    const id = derivedKey(provider, reference, reason, evidence?.status ?? detail);
    await documents.upsert({ ...report, id });
  },
});
