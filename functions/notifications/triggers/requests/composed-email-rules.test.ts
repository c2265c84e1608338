import { describe, expect, test } from "vitest";
import {
  aComposedEmail,
  anAttachment,
  aSasUrl,
  NOW,
} from "../../../../test/support/notification-builders.ts";
import { errorsFor, iso, MINUTE, requestOf } from "../../../../test/support/request-checking.ts";
import { checkComposedEmail, toComposedEmail } from "./composed-email-rules.ts";
import { composedEmailSchema } from "./composed-email-schema.ts";

const composed = { schema: composedEmailSchema, check: checkComposedEmail };
const errorsOfOne = (attachment: unknown): object =>
  errorsFor(composed, aComposedEmail({ attachments: [attachment] }));
const errorsOfUrl = (sasUrl: string): object => errorsOfOne(anAttachment({ sasUrl }));

const KEY = "Recipient.Settings.Attachments[0]";
const NAME = "Attachment 'letter.pdf'";
const PARAMETERS = `${NAME}: sasUrl is missing required SAS parameters (se, sig, sp, sr).`;
const EXPIRY = `${NAME}: sasUrl has an invalid 'se' (signed expiry) value.`;
const READ = `${NAME}: sasUrl does not grant read permission ('r' must be present in 'sp').`;
const TOO_SOON = `${NAME}: sasUrl must be valid for at least 15 minutes after requestedSendTime.`;

describe("an attachment", () => {
  test("must not be null", () => {
    expect(errorsOfOne(null)).toEqual({ [KEY]: ["Attachment item must not be null."] });
  });

  test.each(["letter", "a/letter.pdf", "a\\letter.pdf", "letter."])(
    "is not called %s",
    (filename) => {
      expect(errorsOfOne(anAttachment({ filename }))).toEqual({
        [`${KEY}.Filename`]: [
          `Attachment '${filename}': filename must not contain path separators, and must include a file extension.`,
        ],
      });
    },
  );

  test.each<[name: string, sasUrl: string, messages: readonly string[]]>([
    ["relative", "files/letter.pdf", [`${NAME}: sasUrl must be an absolute HTTPS URI.`]],
    [
      "plain http",
      aSasUrl({}, "http://letters.blob.core.windows.net/a"),
      [`${NAME}: sasUrl must be an absolute HTTPS URI.`],
    ],
    ...["https://example.com/a", "https://blob.core.windows.net.example.com/a"].map(
      (blob): [string, string, string[]] => [
        blob,
        aSasUrl({}, blob),
        [`${NAME}: sasUrl host must be within Azure Blob Storage (*.blob.core.windows.net).`],
      ],
    ),
    ["without expiry", aSasUrl({ se: undefined }), [PARAMETERS]],
    ["without signature", aSasUrl({ sig: undefined }), [PARAMETERS]],
    ["without permissions", aSasUrl({ sp: undefined }), [PARAMETERS]],
    ["of a container", aSasUrl({ sr: "c" }), [PARAMETERS]],
    ["with a bad expiry", aSasUrl({ se: "tomorrow" }), [EXPIRY]],
    ["without the right to read", aSasUrl({ sp: "cw" }), [READ]],
    ["with both", aSasUrl({ se: "tomorrow", sp: "cw" }), [EXPIRY, READ]],
    ["that ends too soon", aSasUrl({ se: iso(NOW + 14 * MINUTE) }), [TOO_SOON]],
  ])("is not fetched from an address %s", (_name, sasUrl, messages) => {
    expect(errorsOfUrl(sasUrl)).toEqual({ [`${KEY}.SasUrl`]: messages });
  });

  test.each([
    aSasUrl({ se: iso(NOW + 15 * MINUTE) }),
    aSasUrl({ se: "2026-12-24" }),
    aSasUrl({ sp: "racwd" }),
    aSasUrl({}, "http://127.0.0.1:10000/devstoreaccount1/files/letter.pdf"),
  ])("is fetched from %s", (sasUrl) => {
    expect(errorsOfUrl(sasUrl)).toEqual({});
  });

  test.each(["application/x-msdownload", "pdf"])("is not of type %s", (mimeType) => {
    expect(errorsOfOne(anAttachment({ mimeType }))).toEqual({
      [`${KEY}.MimeType`]: [
        `${NAME}: mimeType is not supported. Refer to ACS documentation for the list of accepted MIME types.`,
      ],
    });
  });

  test.each(["APPLICATION/PDF", "text/csv", "application/vnd.ms-word.document.macroenabled.12"])(
    "is of type %s",
    (mimeType) => {
      expect(errorsOfOne(anAttachment({ mimeType }))).toEqual({});
    },
  );

  test("has all its members", () => {
    expect(errorsOfOne({ filename: "", mimeType: " ", sasUrl: "" })).toEqual({
      [`${KEY}.Filename`]: ["The Filename field is required."],
      [`${KEY}.MimeType`]: ["The MimeType field is required."],
      [`${KEY}.SasUrl`]: ["The SasUrl field is required."],
    });
  });
});

test("the rules of e-mails hold too", () => {
  const body = aComposedEmail({ sendingTimePolicy: "Daytime", senderEmailAddress: "x" });

  expect(errorsFor(composed, body)).toEqual({
    "Recipient.Settings.SenderEmailAddress": ["The sender email address is not valid."],
    "Recipient.Settings.SendingTimePolicy": ["Email only supports send time anytime"],
  });
});

test("NO-D38: there is an end to attachments", () => {
  const attachments = Array.from({ length: 101 }, () => anAttachment());

  expect(errorsFor(composed, aComposedEmail({ attachments }))).toEqual({
    "Recipient.Settings.Attachments": ["Must have at most 100 attachments."],
  });
});

test("an e-mail with a file is ordered", () => {
  expect(toComposedEmail(requestOf(composed, aComposedEmail()), NOW)).toMatchObject({
    type: "Composed",
    channelScheme: "Email",
    requestedSendAt: NOW,
    email: { attachments: [{ filename: "letter.pdf", sasUrl: aSasUrl() }] },
  });
});
