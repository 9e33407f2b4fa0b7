/** Who came in and who did not, by protocol: nobody is in a vhost before. */
export class Logins {
  readonly amqp091 = new LoginCounts();
  readonly http = new LoginCounts();

  reset(): void {
    for (const counts of [this.amqp091, this.http]) Object.assign(counts, new LoginCounts());
  }
}

class LoginCounts {
  succeeded = 0;
  failed = 0;

  note(hasSucceeded: boolean): void {
    if (hasSucceeded) this.succeeded++;
    else this.failed++;
  }
}
