/** Of a Host of which nothing but the target is known. */
export const plainHost = {
  ...{ account: null, port: null, keyPath: null, folderPath: null, alias: null },
  ...{
    isControlMasterOn: false,
    tailnetNodeId: null,
    tailnetName: null,
    lanAddress: null,
    macAddress: null,
  },
  ...{ platform: null, sleepMinutes: null, sleepReadAt: null, isKeyOffered: false },
}
