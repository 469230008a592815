/**
 * Handles a returned book, whether it is late or not: puts the copy on the shelf, then frees the place in the
 * member's limit.
 */
import { type Saga, sending } from "eventfold";
import { copyReleased, releaseCopy } from "../books/book.ts";
import { closeLoan } from "../members/member.ts";
import { bookReturned } from "./loan.ts";

const close = sending(
  closeLoan,
  ({ data }: { readonly data: { readonly memberId: string; readonly loanId: string } }) => ({
    memberId: data.memberId,
    loanId: data.loanId,
  }),
);

export const takeBack: Saga<typeof bookReturned> = {
  name: "take-back",
  startsOn: bookReturned,
  identifiedBy: ({ data }) => data.loanId,
  steps: [
    {
      name: "put-on-shelf",
      send: sending(releaseCopy, ({ data: { bookId, loanId } }) => ({ bookId, loanId })),
      succeeds: [copyReleased],
      fails: [],
      timeoutSeconds: 60,
      waits: false,
      pivot: true,
    },
  ],
  completes: close,
  abandons: close,
};
