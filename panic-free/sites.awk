# Where a panic is reachable: prints `OWN -> CALLED` for each function of this repository (OWN) that calls, by however many
# functions of other crates, a panic; CALLED is what it calls directly. Generic arguments are left out.
#
#   awk -v own='kurdistan panic_free' -f sites.awk SYMBOLS REFERENCES FRAMES
#
# SYMBOLS     mangled and demangled name of each symbol, a tab between them
# REFERENCES  `address caller target` for each instruction that names another function
# FRAMES      what `addr2line -afi` says of these addresses: the inlined functions, innermost first

BEGIN {
    count = split(own, names, " ")
    for (i = 1; i <= count; i++) is_own[names[i]] = 1
}

FNR == 1 { file++ }

file == 1 {
    tab = index($0, "\t")
    demangled[substr($0, 1, tab - 1)] = bare(substr($0, tab + 1))
    next
}

file == 2 {
    references++
    address[references] = $1
    caller[references] = $2
    target[references] = $3
    next
}

/^0x[0-9a-f]+$/ {
    at = $0
    sub(/^0x0*/, "", at)
    depth[at] = 0
    is_name = 1
    next
}

{
    if (is_name) frame[at, ++depth[at]] = bare($0)
    is_name = !is_name
}

END {
    for (symbol in demangled) if (symbol ~ /rust_begin_unwind/) panics[symbol] = 1
    do {
        changed = 0
        for (i = 1; i <= references; i++) {
            if (!(target[i] in panics) || (i in done)) continue
            done[i] = changed = 1
            if (!site(i)) panics[caller[i]] = 1
        }
    } while (changed)
}

# Prints the reference if a function of this repository is among its frames; the innermost one is meant.
function site(i,    at, level, inner) {
    at = address[i]
    inner = demangled[target[i]]
    for (level = 1; level <= depth[at]; level++) {
        if (crate(frame[at, level]) in is_own) {
            print frame[at, level] " -> " inner
            return 1
        }
        inner = frame[at, level]
    }
    if (crate(demangled[caller[i]]) in is_own) {
        print demangled[caller[i]] " -> " inner
        return 1
    }
    return 0
}

# The crate of a name: of its type, or of its trait if the type is built in.
function crate(name) {
    return match(name, /[A-Za-z0-9_]+::/) ? substr(name, RSTART, RLENGTH - 2) : ""
}

# A name without generic arguments: `<` opens them behind a name or `::`, and an implementation elsewhere.
function bare(name,    out, i, letter, level, generic) {
    level = generic = 0
    for (i = 1; i <= length(name); i++) {
        letter = substr(name, i, 1)
        if (letter == "<" && (generic || out ~ /[A-Za-z0-9_:]$/)) {
            generic++
            sub(/::$/, "", out)
        } else if (letter == ">" && generic && substr(name, i - 1, 1) != "-") {
            generic--
        } else if (!generic) {
            out = out letter
        }
    }
    sub(/::h[0-9a-f]{16}$/, "", out)
    return out
}
