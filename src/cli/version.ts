declare const DRILLBOOK_VERSION: string | undefined;

/** The version of the package; `development` where the sources run without the bundler. */
export const version = typeof DRILLBOOK_VERSION === 'string' ? DRILLBOOK_VERSION : 'development';
