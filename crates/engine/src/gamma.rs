//! The logarithm of the gamma function, in which binomial chances are computed without overflow.

/// `ln Γ(x)` for `x > 0`, by Stirling's series after shifting `x` above 15; better than 12 digits.
pub fn ln_gamma(x: f64) -> f64 {
    assert!(x > 0.0, "gamma is asked for positive numbers");
    // Γ(x) = Γ(x + n) / (x (x + 1) … (x + n − 1))
    let (mut x, mut shift) = (x, 0.0);
    while x < 15.0 {
        shift += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1_260.0))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - shift
}

/// `ln (n over k)`.
pub fn ln_choose(n: u64, k: u64) -> f64 {
    assert!(k <= n, "nobody chooses more than there are");
    let f = |count: u64| ln_gamma(count as f64 + 1.0);
    f(n) - f(k) - f(n - k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-10;
        assert!(near(ln_gamma(1.0), 0.0));
        assert!(near(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln()));
        assert!(near(ln_gamma(11.0), 3_628_800.0_f64.ln()));
        assert!(near(ln_choose(10, 3), 120.0_f64.ln()));
        assert!(near(ln_choose(5, 0), 0.0));
    }
}
