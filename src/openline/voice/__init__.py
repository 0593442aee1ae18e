"""The open telephone line: frames of sound, what makes up for their loss, who hears whom. Sans-IO."""
