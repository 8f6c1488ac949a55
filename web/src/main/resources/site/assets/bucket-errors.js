import { explain } from 'p2pcp/errors';

/** What people paste at their store, so that browsers may talk to it; the signed URLs are what protects it. */
export const CORS_RULE = JSON.stringify(
  [{ AllowedOrigins: ['*'], AllowedMethods: ['GET', 'HEAD', 'PUT', 'DELETE'], AllowedHeaders: ['*'], MaxAgeSeconds: 3600 }],
  null,
  2,
);

const WORDS = {
  'wrong-key': ['The store does not know this access key.', 'Copy it again; look for a missing character.'],
  'wrong-secret': ['The secret key does not fit the access key.', 'Copy both again.'],
  denied: ['The key may not do that.', 'It needs s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket on this bucket.'],
  'wrong-region': ['The bucket is in another region.', 'Give the region that your store shows for it.'],
  'no-bucket': ['There is no such bucket at that endpoint.', 'Check its name, the endpoint, and whether the bucket is part of the server’s name.'],
  'clock-skew': ['The clock of this device is wrong.', 'Set it, then try again: signatures hold for a few minutes only.'],
  throttled: ['The store asks to slow down.', 'It is tried again by itself.'],
  full: ['The bucket is full, or the month’s budget is spent.', 'Free some room there, or allow more.'],
  unreachable: ['The endpoint can’t be reached.', 'Check its address and your connection.'],
  other: ['The store refused without saying why.', 'Check everything above, and what its own log says.'],
  'not-there': ['What was just written is not there.', 'The endpoint may be another than the bucket’s; check both.'],
};

/**
 * Says in people's words what is wrong with a bucket.
 * @returns {{text: string, todo: string, cors?: boolean}}
 */
export function explainBucket(error) {
  const words = WORDS[error?.code?.replace(/^bucket-/, '')];
  if (error?.code === 'bad-argument') return { text: 'This names no bucket.', todo: 'Check endpoint, bucket and folder.' };
  return words && error.code.startsWith('bucket-') ? { text: words[0], todo: words[1] } : explain(error);
}

/** As above; browsers do not tell a server that is away from one that does not let them read its answers, so that is tried. */
explainBucket.at = async (error, wanted) => {
  if (error?.code !== 'bucket-unreachable' || !wanted) return explainBucket(error);
  if (wanted.endpoint.startsWith('http:') && location.protocol === 'https:') {
    return { text: 'This page can’t talk to an endpoint without https.', todo: 'Give the store a certificate, or use the headless agent.' };
  }
  try {
    await fetch(wanted.endpoint, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(8_000) });
    return {
      text: 'The server is there, but does not let browsers use the bucket.',
      todo: 'Paste this CORS rule into the settings of the bucket. If it is there already, the region or the endpoint may be another.',
      cors: true,
    };
  } catch {
    return explainBucket(error);
  }
};
