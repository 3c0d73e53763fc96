/* How our Markdown is written. */

const UNSAFE = { "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", "|": "%7C", "`": "%60" };

/* An address as it may stand between the brackets of a link, in a table too. */
export const linkAddress = (address) => address.replace(/[()<>\\|`]/g, (sign) => UNSAFE[sign])
  .replace(/\s/g, encodeURIComponent).replace(/&(?=#?\w+;)/g, "&amp;");
