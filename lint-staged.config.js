/** The formatter and the linter leave out what their own settings leave out; that is no error. */
export default {
  "*.{ts,js,json}": "oxfmt --no-error-on-unmatched-pattern",
  "*.{ts,js}": "oxlint --no-error-on-unmatched-pattern",
};
