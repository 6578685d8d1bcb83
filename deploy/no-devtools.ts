/** Stands where ink would load React's development tools: an offline program opens no debugging socket. */
const none = { initialize: (): void => {}, connectToDevTools: (): void => {} };
export const { initialize, connectToDevTools } = none;
export { none as default };
