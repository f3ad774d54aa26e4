import { BackupError, codeOf } from '../../error.ts';

/** What of Cloudinary's library (version 2) is used here; its own types say `any` where these say what comes. */
export interface Library {
  readonly api: {
    resources(options: object): Promise<{ resources: readonly Resource[]; next_cursor?: string }>;
    resource(id: string, options: object): Promise<Resource>;
    delete_resources(ids: readonly string[], options: object): Promise<{ deleted: Record<string, string> }>;
  };
  readonly uploader: {
    upload_stream(
      options: object,
      callback: (error: unknown, result?: Uploaded) => void,
    ): NodeJS.WritableStream;
  };
  readonly utils: { private_download_url(id: string, format: string, options: object): string };
}

export interface Resource {
  readonly public_id: string;
  readonly bytes: number;
  readonly created_at: string;
}

export interface Uploaded extends Partial<Resource> {
  /** False for a part that is not the last. */
  readonly done?: boolean;
  /** Something had the public id already and was left as it is. */
  readonly existing?: boolean;
}

/** Loads the library, which is optional. Throws a `BackupError` of kind `tool` where it is not installed. */
export async function loadLibrary(): Promise<Library> {
  try {
    return (await import('cloudinary')).v2 as unknown as Library;
  } catch (error) {
    if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND' && codeOf(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new BackupError(
      'tool',
      'A cloudinary:// store wants the package "cloudinary", which is optional and not installed here. Install it beside Drillbook: npm install cloudinary.',
      error,
    );
  }
}
