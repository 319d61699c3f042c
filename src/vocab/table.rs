//! The two macros behind the vocabulary: a closed enum with codes and names, and a set over such an enum.

/// Declares a closed enum: one line per variant with its one-byte code and its snake-case name.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal => $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[repr(u8)]
        pub enum $name { $($(#[$vmeta])* $variant = $code,)+ }

        impl $name {
            /// Every value, by rising code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The snake-case name that reports, traces and JSON use.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The stable one-byte code.
            #[inline]
            #[must_use]
            pub const fn code(self) -> u8 { self as u8 }

            /// The value with this code, if there is one.
            #[inline]
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { f.write_str(self.name()) }
        }
    };
}

/// Declares a set over a vocabulary enum. The bit of a member is given per set; unknown bits are kept as they came.
macro_rules! bit_set {
    ($(#[$meta:meta])* $name:ident($bits:ty) of $member:ident, bit = $bit:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub struct $name($bits);

        impl $name {
            /// The set without members.
            pub const EMPTY: Self = Self(0);
            /// Every member that this version knows.
            pub const KNOWN: Self = Self::of($member::ALL);

            /// The set of these members.
            #[must_use]
            pub const fn of(members: &[$member]) -> Self {
                let mut bits = 0;
                let mut rest = members;
                while let [first, tail @ ..] = rest {
                    bits |= Self::bit(*first);
                    rest = tail;
                }
                Self(bits)
            }

            const fn bit(member: $member) -> $bits {
                let shift: u32 = $bit(member);
                (1 as $bits).unbounded_shl(shift)
            }

            /// The set with exactly these bits, unknown ones included.
            #[must_use]
            pub const fn from_bits(bits: $bits) -> Self { Self(bits) }

            /// The bits as they travel.
            #[must_use]
            pub const fn bits(self) -> $bits { self.0 }

            /// Whether `member` is in the set.
            #[must_use]
            pub const fn has(self, member: $member) -> bool { self.0 & Self::bit(member) != 0 }

            /// Whether every bit of `other` is in the set.
            #[must_use]
            pub const fn contains(self, other: Self) -> bool { self.0 & other.0 == other.0 }

            /// Bits of both.
            #[must_use]
            pub const fn intersection(self, other: Self) -> Self { Self(self.0 & other.0) }

            /// Bits of either.
            #[must_use]
            pub const fn union(self, other: Self) -> Self { Self(self.0 | other.0) }

            /// Bits of this set that `other` lacks.
            #[must_use]
            pub const fn difference(self, other: Self) -> Self { Self(self.0 & !other.0) }

            /// Whether no bit is set.
            #[must_use]
            pub const fn is_empty(self) -> bool { self.0 == 0 }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let mut set = f.debug_set();
                for member in $member::ALL {
                    if self.has(*member) { set.entry(&format_args!("{}", member.name())); }
                }
                let unknown = self.difference(Self::KNOWN);
                if !unknown.is_empty() { set.entry(&format_args!("unknown {:#x}", unknown.0)); }
                set.finish()
            }
        }
    };
}

pub(crate) use {bit_set, vocabulary};
