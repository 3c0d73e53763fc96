/* How our Markdown is written. */

/* An address as it may stand between the brackets of a link. */
export const linkAddress = (address) => address.replaceAll("(", "%28").replaceAll(")", "%29");
