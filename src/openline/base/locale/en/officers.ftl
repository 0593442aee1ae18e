### Officers at the console: sessions, passkeys, invitations, the certificate that desks trust.

## Coming in

host-unknown = The console does not answer under the name { $host }. Open it under a name of openline.toml, or under localhost.
request-from-elsewhere = This request does not come from a page of the console. Nothing is done. Open the console itself and try again.
seats-closed = Seats without a passkey are for demonstrations only. Log in with your passkey.
session-needed = Nobody sits here, or the session has ended. Log in with your passkey.

## Passkeys

holder-too-long = The name of the holder has more than { $limit } bytes. Nothing is written. Shorten it.
invite-wrong = This invitation is unknown, used or too old. Nothing is registered. Ask the operator for a new one.
passkey-copied = Passkey { $number } may exist twice: its counter went back. Do not use it. Tell the technician to revoke it.
passkey-number-unknown = There is no valid passkey of number { $number }. See openline console passkeys list.
passkey-place = Passkeys do not work at this address. Open the console under one of these names, at its own port: { $names }.
passkey-position-gone = The position { $position } of this passkey is not in openline.toml any more. Ask the operator.
passkey-too-late = This attempt is too old, or was used already. Nothing is opened. Begin again.
passkey-unknown = This passkey is not known here, or was revoked. Ask the operator for an invitation.
passkey-wrong = What the passkey has signed does not hold. Nothing is opened. Begin again; if it lasts, tell the technician.
position-unknown = There is no position { $position }. The positions of this node are: { $positions }.
told-invited = Give the code to the officer of { $position } by voice or by hand. It is good once, for 30 minutes.

## The certificate

console-authority-other-names = The authority of this console may not sign for { $names }. Run openline console cert --new-ca, then install it at every desk.
console-certificate-missing = The certificate { $file } is not there. Run openline console cert, then start the node again.
console-certificate-unreadable = { $file } cannot be read as a certificate with its key ({ $detail }). Run openline console cert.
console-certificate-ends = The certificate of the console is good until { $until }. Run openline console cert to renew it.
console-names-missing = There are no names for the console. Write them under [https] in { $file }, then try again.
seats-need-loopback = Seats are open on loopback only. Write listen under [http] in openline.toml, then start again.
told-install-ca = Install { $file } at every desk as an authority for web sites. Compare its fingerprint there first.
