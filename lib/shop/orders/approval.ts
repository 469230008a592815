/** Which orders a person must approve before their customers are charged, and how long that person may take. */

/** In minor units, as every total: 5,000.00. */
export const approvalLimit = 500_000;

export const approvalSeconds = 3 * 86_400;

export const isOverLimit = (total: number): boolean => total > approvalLimit;
