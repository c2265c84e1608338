/** Delivery reports that belong to nothing, where an operator sees them. */
import { derivedKey } from "../../kernel/derived-id.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { StrayDesk } from "../domain/operations-ports.ts";
import type { Provider, StrayReport, StrayReports } from "../domain/provider-ports.ts";

const idOf = ({ provider, reference, reason, evidence, detail }: StrayReport): string =>
  derivedKey(provider, reference, reason, evidence?.status ?? detail);

const providers: readonly Provider[] = ["acs-email", "link-mobility", "acs-sms"];

export const createCosmosStrayReports = (documents: Documents): StrayDesk & StrayReports => ({
  async keep(report) {
    await documents.upsert({ ...report, id: idOf(report) });
  },
  async list(limit) {
    const pages = await Promise.all(
      providers.map((provider) =>
        documents.page<StrayReport>(
          provider,
          {
            query: "SELECT * FROM c WHERE c.provider = @provider ORDER BY c.heardAt DESC",
            parameters: [{ name: "@provider", value: provider }],
          },
          { limit },
        ),
      ),
    );
    return pages
      .flatMap((page) => page.documents)
      .sort((a, b) => b.heardAt - a.heardAt)
      .slice(0, limit);
  },
  remove: (report) => documents.delete(report.provider, idOf(report)),
});
