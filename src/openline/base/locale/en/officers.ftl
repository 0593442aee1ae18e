### Officers at the console: sessions, passkeys, invitations, the certificate that desks trust.

## Coming in

host-unknown = The console does not answer under the name { $host }. Open it under a name of openline.toml, or under localhost.
request-from-elsewhere = This request does not come from a page of the console. Nothing is done. Open the console itself and try again.
seats-closed = Seats without a passkey are for demonstrations only. Log in with your passkey.
session-needed = Nobody sits here, or the session has ended. Log in with your passkey.

## Passkeys

holder-too-long = The name of the holder has more than { $limit } bytes. Nothing is written. Shorten it.
invite-wrong = This invitation is unknown, used or too old. Nothing is registered. Ask the operator for a new one.
login-too-often = Too many attempts were refused here. Wait a minute, then try again.
passkey-copied = Passkey { $number } may exist twice: its counter went back. Do not use it. Tell the technician to revoke it.
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

## Officers and personal signatures

fault-officer-incomplete = { $pseudonym }: { $step } has no reason, or a recovery no witness. It changes nothing.
fault-officer-key = { $pseudonym }: the key of { $step } cannot be checked, or was entered before. It enters nobody.
fault-officer-name = { $pseudonym }: the name in { $step } is not the one that was entered. It opens nothing.
fault-officer-not-possible = { $pseudonym }: { $step } is not possible as this officer stands. It changes nothing.
fault-signature-of-others = This signature names an entry of another party. It signs nothing.
fault-signature-wrong = This is no signature of the entry that it names: { $reason }. It signs nothing.
officer-nameless = No name of { $officer } is known here. Nothing is opened.
officer-recover-here = A supervisor is recovered at the node’s machine only. Run openline officer recover there.
officer-recover-needed = Supervisors are invited by a supervisor. If none is left, run openline officer recover { $position } at the node’s machine.
officer-still-enrolled = Officer { $officer } still has a valid passkey. Withdraw it first, with a reason.
officer-unknown = There is no valid officer { $officer }. See openline officer list.
officer-withdrawn = You are withdrawn as an officer. Nothing is done. Ask a supervisor.
officer-witness-missing = A recovery needs a witness. Give the role and the name with --witness-role and --witness.
passkey-key-wrong = This passkey has a key that the record cannot check ({ $detail }). Use another authenticator.
role-unknown = There is no role { $role }, which { $whose } has. The roles are: { $roles }. Correct openline.toml or the token file.
signature-of-others = Entry { $entry } is not ours. Officers sign entries of their own party.
signature-officer-unknown = No officer of the record can sign { $entry } with this passkey here. Wait a moment, or use the console’s other name.
signature-passkey-needed = Nobody with a passkey sits here. Log in with your passkey to sign.
signature-unreadable = What the passkey has answered is not base64url. Nothing is signed.
signature-wrong = This is no signature of { $entry }: { $reason }. Nothing is signed. Try again.
