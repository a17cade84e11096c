//! What is in the program already, or was made when it ran; either is one pointer away. Shared with `build.rs`.

use std::fmt;
use std::ops::Deref;

/// A value that is ready in the program, or was made.
pub(crate) enum Ready<T: ?Sized + 'static> {
    Here(&'static T),
    Made(Box<T>),
}

impl<T: ?Sized> Deref for Ready<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        match self {
            Ready::Here(value) => value,
            Ready::Made(value) => value,
        }
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Ready<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(out)
    }
}

impl<T: ?Sized + PartialEq> PartialEq for Ready<T> {
    fn eq(&self, other: &Ready<T>) -> bool {
        **self == **other
    }
}
