use kurdistan::guard::Guards;

struct Lax;

impl Guards for Lax {}

fn main() {}
