/* How large a picture may be. A larger one is refused before it is sent: sending it would end in the middle, without an
   answer. */

/* The sentence that refuses a file; empty when it is small enough or there is none. */
export const refusalOf = (file, mostBytes) =>
  file?.size > mostBytes ? "The picture is larger than 5 MB. Save it smaller, then choose it again." : "";
