/** Which orders a person must approve before the customer is charged, and how long the approval may take. */

/** In minor units, like every total: 5,000.00. */
export const approvalLimit = 500_000;

export const approvalSeconds = 3 * 86_400;

export const isOverLimit = (total: number): boolean => total > approvalLimit;
