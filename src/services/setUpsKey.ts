/** Where global state keeps the set-ups of senders. */
export const setUpsKey = 'senderSetUps';
