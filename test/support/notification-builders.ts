/** Valid requests of the notification flow; override what matters. */

export type Members = Readonly<Record<string, unknown>>;

export const NOW = Date.UTC(2026, 0, 15, 12);

export const anEmail = (overrides: Members = {}): object => ({
  recipientEmail: {
    emailAddress: "somebody@example.com",
    emailSettings: { subject: "A letter", body: "There is a letter for you.", ...overrides },
  },
});

export const anSms = (overrides: Members = {}): object => ({
  recipientSms: {
    phoneNumber: "+4799999999",
    smsSettings: { body: "There is a letter for you.", ...overrides },
  },
});

export const aPerson = (overrides: Members = {}): object => ({
  recipientPerson: {
    nationalIdentityNumber: "01017012345",
    channelSchema: "EmailPreferred",
    emailSettings: { subject: "A letter", body: "There is a letter for you." },
    smsSettings: { body: "There is a letter for you." },
    ...overrides,
  },
});

export const anOrganization = (overrides: Members = {}): object => ({
  recipientOrganization: {
    orgNumber: "312508729",
    channelSchema: "Email",
    emailSettings: { subject: "A letter", body: "There is a letter for you." },
    ...overrides,
  },
});

export const anExternalIdentity = (overrides: Members = {}): object => ({
  recipientExternalIdentity: {
    externalIdentity: "urn:altinn:person:idporten-email:somebody@example.com",
    channelSchema: "Email",
    emailSettings: { subject: "A letter", body: "There is a letter for you." },
    ...overrides,
  },
});

/** `POST /future/orders`. */
export const aFutureOrder = (overrides: Members = {}): object => ({
  idempotencyId: "5b5ee8f6-7e0d-4a7b-8ea3-9c8b7a1f2f10",
  recipient: anEmail(),
  ...overrides,
});

/** A reminder of it. */
export const aReminder = (overrides: Members = {}): object => ({
  delayDays: 1,
  recipient: anEmail(),
  ...overrides,
});

/** `POST /orders`. */
export const aLegacyOrder = (overrides: Members = {}): object => ({
  notificationChannel: "EmailPreferred",
  recipients: [{ emailAddress: "somebody@example.com" }],
  emailTemplate: { subject: "A letter", body: "There is a letter for you." },
  smsTemplate: { body: "There is a letter for you." },
  ...overrides,
});

/** `POST /orders/email`. */
export const aLegacyEmailOrder = (overrides: Members = {}): object => ({
  subject: "A letter",
  body: "There is a letter for you.",
  recipients: [{ emailAddress: "somebody@example.com" }],
  ...overrides,
});

/** `POST /orders/sms`. */
export const aLegacySmsOrder = (overrides: Members = {}): object => ({
  body: "There is a letter for you.",
  recipients: [{ mobileNumber: "+4799999999" }],
  ...overrides,
});

/** The address of a blob with a signature; override or remove a parameter. */
export const aSasUrl = (
  parameters: Readonly<Record<string, string | undefined>> = {},
  blob = "https://letters.blob.core.windows.net/files/letter.pdf",
): string => {
  const url = new URL(blob);
  const usual = { se: "2027-01-01T00:00:00Z", sp: "r", sr: "b", sig: "c2ln" };
  const all: Readonly<Record<string, string | undefined>> = { ...usual, ...parameters };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
};

export const anAttachment = (overrides: Members = {}): object => ({
  filename: "letter.pdf",
  mimeType: "application/pdf",
  sasUrl: aSasUrl(),
  ...overrides,
});

/** `POST /future/orders/composed-email`. */
export const aComposedEmail = (overrides: Members = {}): object => ({
  idempotencyId: "b2f8a3c1-58c5-4c63-8f44-0a8d8a0f7a11",
  recipient: {
    emailAddress: "somebody@example.com",
    emailSettings: {
      subject: "A letter",
      body: "There is a letter for you.",
      attachments: [anAttachment()],
      ...overrides,
    },
  },
});

/** What instant SMS are made of. */
export const anInstantRecipient = (overrides: Members = {}): object => ({
  phoneNumber: "+4799999999",
  timeToLiveInSeconds: 60,
  smsSettings: { body: "Your code is 1234." },
  ...overrides,
});

/** What an instant e-mail is made of. */
export const anInstantEmail = (settings: Members = {}): object => ({
  emailAddress: "somebody@example.com",
  emailSettings: { subject: "A code", body: "Your code is 1234.", ...settings },
});
