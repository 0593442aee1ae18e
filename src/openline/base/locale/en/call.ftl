### Calls on the open telephone line.

call-unknown = { $entry } is no call on line { $line }. Look at the calls of the line and name one of them.
call-under-way = A call is under way on line { $line }: { $entry }. Take part in it, or leave it before you ring again.
call-step-not-possible = "{ $step }" is not possible in call { $entry }: our side is { $state }, or the call is over. Look at the call again.
fault-step-not-possible = That side was { $state } in the call; { $step } cannot follow. It changes nothing. Ask the other side how it stands.
