/** Decisions in the words of XACML, members in lower camel case as the platform answers. */
import type { ResourcePolicy } from "../fixture/schema.ts";
import type { Decision } from "./decide.ts";
import type { CategoryKind, Question } from "./request.ts";

const STATUS = "urn:oasis:names:tc:xacml:1.0:status:";
const LEVEL = "urn:altinn:minimum-authenticationlevel";
const XML_INTEGER = "http://www.w3.org/2001/XMLSchema#integer";

const categoryIds: Readonly<Record<CategoryKind, string>> = {
  subject: "urn:oasis:names:tc:xacml:1.0:subject-category:access-subject",
  action: "urn:oasis:names:tc:xacml:3.0:attribute-category:action",
  resource: "urn:oasis:names:tc:xacml:3.0:attribute-category:resource",
};

const obligation = (number: number, category: string, level: number | undefined) =>
  level === undefined
    ? []
    : [
        {
          id: `urn:altinn:obligation:authenticationLevel${number}`,
          attributeAssignment: [
            {
              attributeId: `urn:altinn:obligation-assignment:${number}`,
              value: String(level),
              category,
              dataType: XML_INTEGER,
              issuer: null,
            },
          ],
        },
      ];

const obligationsOf = (policy: ResourcePolicy) => [
  ...obligation(1, LEVEL, policy.minimumAuthenticationLevel),
  ...obligation(2, `${LEVEL}-org`, policy.minimumAuthenticationLevelForOrg),
];

/** What the asker wants to see again, to tell the answers apart. */
const includedCategories = (question: Question) =>
  (question ?? []).flatMap(({ kind, attributes }) => {
    const included = attributes
      .filter(({ isIncludedInResult }) => isIncludedInResult)
      .map(({ id, value, dataType }) => ({ attributeId: id, value, dataType: dataType ?? null }));
    return included.length === 0 ? [] : [{ categoryId: categoryIds[kind], attribute: included }];
  });

export function resultOf(question: Question, { decision, policy, problem }: Decision): object {
  const category = includedCategories(question);
  return {
    decision,
    status: { statusCode: { value: `${STATUS}${problem ?? "ok"}` } },
    obligations: decision === "Permit" && policy ? obligationsOf(policy) : [],
    ...(category.length > 0 && { category }),
  };
}
