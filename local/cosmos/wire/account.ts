/** The account document, by which the SDK discovers where to read and write. */

/** @param origin as the caller spelled it; with another scheme or port the SDK would go astray */
export function toAccountDocument(origin: string): object {
  const locations = [{ name: "Local", databaseAccountEndpoint: `${origin}/` }];
  return {
    id: "local",
    _rid: "local",
    _self: "",
    _dbs: "//dbs/",
    media: "//media/",
    addresses: "//addresses/",
    writableLocations: locations,
    readableLocations: locations,
    enableMultipleWriteLocations: false,
    userConsistencyPolicy: { defaultConsistencyLevel: "Session" },
    userReplicationPolicy: { asyncReplication: false, minReplicaSetSize: 1, maxReplicasetSize: 4 },
    systemReplicationPolicy: { minReplicaSetSize: 1, maxReplicasetSize: 4 },
    readPolicy: { primaryReadCoefficient: 1, secondaryReadCoefficient: 1 },
    queryEngineConfiguration: "{}",
  };
}
