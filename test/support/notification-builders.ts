/** Valid requests of the notification flow; override what matters. */

type Members = Readonly<Record<string, unknown>>;

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
