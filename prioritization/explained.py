"""What each statistical word means and how it is computed, for readers: the page "How it is computed".

docs/statistics.md leads on from there to function and test; the sections S0 to S14 are its. The formulas use
I and S for the means of importance and satisfaction of a moment, n for how many rated it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Term:
    """`key` is the anchor. `short` is the help beside the word; `words` how it is computed."""

    key: str
    name: str | Promise
    short: str | Promise
    words: str | Promise
    formula: str | Promise
    source: str


ALL = (
    Term(
        "mean",
        _("Means and their intervals"),
        _("The mean of the ratings given, and where it would lie 95 times in 100."),
        _(
            "Importance counts everybody who rated it, satisfaction only those who experienced the moment. "
            "The interval comes from the spread of the ratings and from how many there are."
        ),
        _("x̄ = Σx / n;  s² = Σ(x − x̄)² / (n − 1);  x̄ ± t(0.975; n − 1) · s / √n"),
        "S1",
    ),
    Term(
        "blank",
        _("Not experienced, no answer, not asked"),
        _("Three ways of giving no number; none of them is ever counted as a rating."),
        _(
            "Whoever did not experience a moment does not lower its satisfaction. How many experienced it is "
            "a figure of its own: the share of those who rated it among those who rated it or said they did "
            "not experience it."
        ),
        _("n / (n + not experienced)"),
        "S0",
    ),
    Term(
        "few",
        _("How many answers (n), and when they are few"),
        _(
            "The report card counts who rated the satisfaction. The matrix needs the importance as well and "
            "gives the smaller number, so a moment may have a smaller n there. With fewer than 10 answers "
            "nothing is shown; with 10 to 29 it is only indicative."
        ),
        _(
            "So nobody can be recognised and chance does not decide. A moment with few answers has no "
            "point and "
            "no place, and does not move the crosshair. A group is not shown either where the rest could be "
            "worked out from it."
        ),
        _("n < 10: –;  10 ≤ n < 30: indicative"),
        "S0",
    ),
    Term(
        "crosshair",
        _("Crosshair"),
        _(
            "Where the quadrants meet: by a rule, or where you set it by dragging its ends or typing a "
            "target."
        ),
        _(
            "The usual rule is the mean of the means of all moments shown. The others are the median of the "
            "means, the mean without a tenth of the moments at each end, the midpoint of the scale, and a "
            "fixed target. When waves are compared both use one crosshair, because a line that moves hides a "
            "gain that all moments share."
        ),
        _("Σ S / M,  Σ I / M  (M moments)"),
        "S2 · Martilla & James 1977",
    ),
    Term(
        "quadrant",
        _("Quadrants"),
        _("Act, protect, watch or ease: on which side of the two lines a moment stands."),
        _("At or above a line is high; a difference below a thousand-millionth is on the line."),
        _("Act: I ≥ Ī, S < S̄;  Protect: I ≥ Ī, S ≥ S̄;  Watch: I < Ī, S < S̄;  Ease: I < Ī, S ≥ S̄"),
        "S3 · Martilla & James 1977",
    ),
    Term(
        "gap",
        pgettext_lazy("statistics", "Gap"),
        _("Importance less satisfaction: above zero, something is missing."),
        _("Both are on one scale. With derived importance there is no gap, since it is a share."),
        "I − S",
        "S4 · Hawes & Rao 1985; Slack 1994",
    ),
    Term(
        "order",
        _("Order by urgency"),
        _("A wide gap in what matters much comes first; too much of what matters little comes last."),
        _(
            "Importance as a share of the scale times the gap, where something is missing; where there is "
            "more than enough, the less it matters the further down. It is a rule of this house."
        ),
        _("I% · (I − S), I − S > 0;  (1 − I%) · (I − S), I − S ≤ 0;  I% = (I − low) / (high − low)"),
        "S5",
    ),
    Term(
        "certainty",
        _("Certainty"),
        _(
            "How probable it is that the moment is in this quadrant and not in another, given how few "
            "or many "
            "answered."
        ),
        _(
            "The means of a moment and the crosshair all vary with who happens to answer, and together: the "
            "same people rate many moments. The probability of each quadrant is that of a normal "
            "distribution of the distance to the crosshair, with the covariance of all the means. Firm from "
            "95%, probable from 80%, uncertain below: then the mark is hollow."
        ),
        _("d = (S, I) − crosshair ~ N(d̂, AVAᵀ);  P(quadrant) by Owen’s T;  a = e − 1/M"),
        "S6 · Owen 1956",
    ),
    Term(
        "ellipse",
        _("Ellipse"),
        _("Where the moment would lie, 95 times in 100, if everybody had been asked."),
        _(
            "Wide where the ratings differ or are few; slanting where importance and satisfaction go "
            "together."
        ),
        _("(x − x̄)ᵀ V⁻¹ (x − x̄) ≤ 2(n − 1)/(n − 2) · F(0.95; 2, n − 2)"),
        "S6 · Hotelling 1931",
    ),
    Term(
        "change",
        _("Change between waves"),
        _("Clear only when too large for chance, counting that many moments are compared at once."),
        _(
            "The difference of the two means with Welch's test, which allows for different spreads; Holm's "
            "correction for the number of moments; an effect of at least a tenth of a standard deviation; "
            "and the size that remains when extreme values fall back to the middle. “No clear change” does "
            "not say that nothing happened, and a clear one does not prove the cause."
        ),
        _("t = (x̄₂ − x̄₁) / √(s₁²/n₁ + s₂²/n₂);  Holm: p₍ₖ₎ · (m − k + 1) < 0.05;  |g| ≥ 0.10"),
        "S8 · Welch 1947; Holm 1979; Hedges 1981",
    ),
    Term(
        "score",
        _("Score of an action"),
        _("Its benefit divided by the person-days it takes: what a day of work brings."),
        _(
            "Actions are put in order by score; equal ones by benefit, then by less effort. Lift, confidence "
            "and effort are opinions of whoever wrote the action, so the order is only as good as they are."
        ),
        _("score = benefit / effort"),
        "S13",
    ),
    Term(
        "benefit",
        _("Benefit of an action"),
        _(
            "How many points of a hundred the satisfaction of all customers would rise, by what matters to "
            "them."
        ),
        _(
            "For each moment it serves: the weight of the moment among all, times the share of customers who "
            "experience it, times the confidence, times the expected lift as a share of the scale. A lift "
            "never goes beyond the end of the scale."
        ),
        _("Σ ω · reach · c · min(lift, high − S) / (high − low) · 100;  ω = I / ΣI"),
        "S13",
    ),
    Term(
        "quick_win",
        _("Quick win"),
        _("Little effort, soon done, worth it, and on a moment that asks for action."),
        _(
            "Effort and duration at most, and benefit at least what is set on the page; and one of its "
            "moments is more likely than not in “act”. What only adds to a moment that is already in excess "
            "is no quick win."
        ),
        _("effort ≤ E*,  days ≤ T*,  benefit ≥ B*,  max P(act) ≥ 0.5"),
        "S13",
    ),
    Term(
        "portfolio",
        _("What a budget buys"),
        _("The actions that together bring most within the person-days there are."),
        _(
            "Two actions on one moment do not add up, since each takes from the room that is left up to the "
            "end of the scale. With up to twenty actions every combination is tried; beyond that they are "
            "taken one after the other by what each adds for its days."
        ),
        _("joint lift = room · (1 − Π(1 − c · lift / room))"),
        "S13",
    ),
    Term(
        "top_five",
        _("Stays among the first five"),
        _("In how many of 200,000 draws of what customers think the action is among the first five."),
        _(
            "The means of importance and satisfaction are drawn anew, as uncertain and as bound together as "
            "they are, and the actions ranked each time. Effort, lift and confidence stay as they were "
            "written: how sure those are, nobody can compute."
        ),
        _("means* ~ N(means, V); order by score; count"),
        "S13, S6",
    ),
    Term(
        "opinion",
        _("Opinion"),
        _("A figure that somebody estimated. It was not measured."),
        _("What follows from it is as good as the estimate."),
        _("effort, lift, confidence"),
        "S13",
    ),
    Term(
        "effect",
        _("Verdict on an action"),
        _("Improved, no evidence, or worsened: tested on the moments that were fixed before it began."),
        _(
            "Improvement is called demonstrated when the change is too large for chance, counting all "
            "moments that were fixed for these two waves (Holm); when it is at least a tenth of a standard "
            "deviation; and when it remains after taking off the pull to the mean. Who answered both waves "
            "is compared with themselves, where they are at least half of the smaller wave. “No evidence” "
            "never says that an action failed. None of it proves the cause."
        ),
        _(
            "Welch, or paired t;  p(Holm) < 0.05;  |g| ≥ 0.10;  adjusted change > 0;  "
            "detectable = (z(1 − α/2m) + z(0.80)) · se"
        ),
        "S8 · Welch 1947; Holm 1979; Hedges 1981",
    ),
    Term(
        "beyond",
        _("Difference in differences"),
        _("The change less the mean change of the moments that no action touched."),
        _(
            "If everything rises, because of the season or of a better mood, that is not the action’s doing. "
            "Where this interval reaches zero, the moment moved much as the others did."
        ),
        _("(S₂ − S₁) − mean of (S₂ − S₁) over the untouched moments;  se² = aᵀ(V₁ + V₂)a"),
        "S8",
    ),
    Term(
        "pull",
        _("Pull to the mean"),
        _("What was chosen for being lowest tends to be less low the next time, whatever is done."),
        _(
            "Part of why a moment came out lowest is chance, and chance does not repeat itself. So the "
            "baseline is drawn towards the middle of all moments, the more the less sure it is, and the "
            "change is taken from there."
        ),
        _("S̃ = c + B(S − c),  B = τ² / (τ² + v);  adjusted = S₂ − S̃₁"),
        "S8 · DerSimonian & Laird 1986",
    ),
    Term(
        "size",
        _("Size of a change (Hedges’ g)"),
        _("The change in standard deviations: about 0.2 is small, 0.5 medium, 0.8 large."),
        _(
            "It says whether a change is worth talking about, however many answered: with very many even a "
            "tiny one is clear. Small samples make it look larger than it is, which is corrected."
        ),
        "g = (x̄₂ − x̄₁) / s · (1 − 3 / (4(n₁ + n₂) − 9))",
        "S8 · Hedges 1981; Cohen 1988",
    ),
    Term(
        "detectable",
        _("Would have been found from"),
        _("The smallest true change that these answers would have shown four times in five."),
        _(
            "An action can well have brought less than that without anybody seeing it. More answers, or "
            "fewer moments tested at once, make it smaller."
        ),
        _("(z(1 − α/2m) + z(0.80)) · se"),
        "S8, S10 · Cohen 1988",
    ),
    Term(
        "planned",
        _("How many answers a change takes"),
        _("So many that a true change of this size is found four times in five."),
        _(
            "The more the ratings differ and the smaller the change, the more answers it takes in each wave. "
            "Of several moments tested at once each gets its part of the five percent. If the same customers "
            "answer both times their differences vary less, and fewer are enough."
        ),
        _("n = 2 (z(1 − α/2m) + z(0.80))² s² / δ²;  paired: 2 (1 − r) (…)² s² / δ² + z² / 2"),
        "S10 · Cohen 1988; Guenther 1981",
    ),
    Term(
        "importance",
        _("Stated and derived importance"),
        _("Stated is what customers say; derived is what goes together with their overall satisfaction."),
        _(
            "Derived: the share of each moment in what the moments explain of the overall satisfaction (R²). "
            "With up to 12 moments it is the mean gain over all orders in which the moments can enter; "
            "beyond that, relative weights. It is refused with fewer than 100 answers, or fewer than ten a "
            "moment, or where the moments explain less than 10%. It is an association, not an effect."
        ),
        _("LMGₖ = mean over all orders of [R²(before ∪ k) − R²(before)];  Σ LMG = R²"),
        "S7 · Lindeman, Merenda & Gold 1980; Grömping 2006; Johnson 2000",
    ),
    Term(
        "picks",
        _("Importance by picks"),
        _("The share of customers who named the moment among the few that matter most to them."),
        _(
            "Everybody picks the same number of moments, so the shares add up to that number. Urgent is what "
            "many pick and few are content with. The interval takes into account that both come from the "
            "same people."
        ),
        _("I = picked / asked;  index = I · (1 − T),  T = share of the two highest points"),
        "S5 · I-S rating, ETC Institute",
    ),
    Term(
        "rules",
        _("Other rules of the crosshair"),
        _(
            "The same figures under five rules for where the axes cross. A moment that stays put does not "
            "depend on that choice."
        ),
        _("Each rule gives each moment a quadrant; what has more than one over the rules moves."),
        _("mean · median · trimmed mean · midpoint · target"),
        "S2, S5",
    ),
    Term(
        "places",
        _("How sure the order is"),
        _("How often each moment would come first, if other customers like these had answered."),
        _(
            "Thousands of times the means are drawn anew, as uncertain and as bound together as they "
            "are, and "
            "the moments put in order. Counted is how often each comes first and among the first three, and "
            "between which places it is in 95 of 100 draws."
        ),
        _("means* ~ N(means, V); order by urgency; count"),
        "S5, S6",
    ),
    Term(
        "disagreement",
        _("Words and deeds"),
        _("Moments that are said to matter but move little, or the other way round."),
        _(
            "Stated and derived importance are each cut at their mean. Said to matter and moving little is "
            "expected as a matter of course; moving much though said to matter less is worth knowing."
        ),
        _("stated ≥ mean, derived ≥ mean: four kinds of moment"),
        "S7 · Vavra 1997",
    ),
    Term(
        "trend",
        _("Trend"),
        _("The mean of each wave or month with its interval; from six on, a slope."),
        _(
            "The slope weighs each mean by how exact it is. Where fewer than ten rated, the line has a gap. "
            "It is an association with time and does not say what caused it."
        ),
        "b = Σw(t − t̄)(x̄ − x̿) / Σw(t − t̄)²,  w = n / s²",
        "S8",
    ),
    Term(
        "groups",
        _("A group against the rest"),
        _("Satisfaction of a group less that of all others, never less that of everybody."),
        _(
            "Everybody contains the group, and would hide part of the difference. Welch's test for "
            "each cell, "
            "Holm's correction for the whole table."
        ),
        _("x̄(group) − x̄(rest);  Welch, Holm"),
        "S8 · Welch 1947; Holm 1979",
    ),
    Term(
        "views",
        _("Team and visits against customers"),
        _("What the team or the visits give less what customers give: above zero, they see it rosier."),
        _(
            "Each side is counted by itself. A difference is clear when it is too large for chance, counting "
            "all moments compared at once (Welch, Holm). Visits are few and no sample of the customers. "
            "It does not say who is right."
        ),
        _("x̄(team) − x̄(customers),  x̄(visits) − x̄(customers)"),
        "S8 · Welch 1947; Holm 1979",
    ),
    Term(
        "whole",
        _("Mean of several moments"),
        _("Each moment weighs as much as customers say that it matters."),
        _(
            "Stages, phases and the whole cycle are such means. The interval counts that one customer rates "
            "several moments, and that the weights come from answers as well. Where importance is not known "
            "every moment weighs the same."
        ),
        "G = Σ I·S / ΣI;  se² = aᵀVa,  a(S) = I / ΣI,  a(I) = (S − G) / ΣI",
        "S5",
    ),
    Term(
        "grade",
        _("Grades"),
        _("Which grade the mean reaches, by its place between the worst and the best of the scale."),
        _(
            "A grade “could be” another where the 95% interval of the mean reaches over a threshold. With "
            "few answers there is none. Where each grade begins is set for one cycle, or for all cycles "
            "of a client."
        ),
        _("(x̄ − low) / (high − low), in percent"),
        "S5",
    ),
    Term(
        "rate",
        _("Response rate"),
        _("How many answered, of all who were invited."),
        _(
            "RR1 counts those who answered at least four fifths of what they were asked; RR2 those who "
            "answered less as well. Open links are in neither: nobody knows how many saw them."
        ),
        _("RR1 = complete / invited;  RR2 = (complete + partial) / invited"),
        "S11 · AAPOR Standard Definitions",
    ),
    Term(
        "sample",
        _("How many answers are enough"),
        _("So many that what is found lies within the margin of the truth, as often as confidence says."),
        _(
            "A narrower margin, ratings that differ more and a higher confidence take more answers; "
            "of few customers somewhat fewer are enough. Invitations are the answers divided by the share "
            "expected to answer. It holds for customers drawn at random."
        ),
        _("n₀ = z² p(1 − p) / e²  or  z² s² / e²;  n = n₀ / (1 + (n₀ − 1) / N)"),
        "S10 · Krejcie & Morgan 1970",
    ),
    Term(
        "nps",
        _("Recommendation (NPS)"),
        _("Share who would recommend (9 or 10) less the share who would not (0 to 6)."),
        _("In points from −100 to +100. The interval is that of a difference of two shares of one sample."),
        _("p − d;  variance [p + d − (p − d)²] / (n + 3), adjusted"),
        "S9 · Reichheld 2003; Rocks 2016",
    ),
    Term(
        "csat",
        _("Overall satisfaction (CSAT)"),
        _("Share of customers who chose one of the two highest points overall."),
        _("The interval is Wilson's, which holds for small numbers and near 0 and 100% as well."),
        "p = k / n;  (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)",
        "S9 · Wilson 1927",
    ),
    Term(
        "weight",
        pgettext_lazy("statistics", "Weight"),
        _("How many customers an answer stands for. Weights are kept; the matrix is unweighted."),
        _(
            "A weight is not a number of people: all of them times ten change nothing. How much "
            "certainty they "
            "cost is said by the effective number of answers."
        ),
        "n(eff) = (Σw)² / Σw²",
        "S1, S11 · Kish 1965",
    ),
    Term(
        "snapshot",
        _("Snapshot and fingerprint"),
        _("The figures, names and filters as they stood, whatever answers come later."),
        _(
            "The fingerprint is computed from all that is kept: two snapshots with the same one hold the "
            "same. Two snapshots of one wave share answers, so no change between them is tested."
        ),
        "SHA-256",
        "S8",
    ),
)

BY_KEY = {term.key: term for term in ALL}
