/** How a broker says no: by closing the channel or the connection, with a code and a text. */
export class Refused extends Error {
  readonly scope: 'channel' | 'connection';
  readonly code: number;
  readonly text: string;
  readonly classId: number;
  readonly methodId: number;

  constructor(
    scope: 'channel' | 'connection',
    close: { replyCode: number; replyText: string; classId: number; methodId: number },
  ) {
    super(`${scope} closed: ${close.replyCode} ${close.replyText} (${close.classId}, ${close.methodId})`);
    this.scope = scope;
    this.code = close.replyCode;
    this.text = close.replyText;
    this.classId = close.classId;
    this.methodId = close.methodId;
  }
}
