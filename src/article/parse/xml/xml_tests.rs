//! The reader of XML: trees with their places, and what is refused.

use super::*;

fn tree(input: &str) -> Tree<'_> {
    Tree::parse(input, &Rules::default()).expect("XML")
}

#[test]
fn elements_are_found_by_local_name_and_their_text_stands_where_the_input_spells_it() {
    let input = "<?xml version=\"1.0\"?>\n<!DOCTYPE n [<!ENTITY x \"no\">]>\n<ns0:n a='1 &amp; 2'><b k=\"v\">Caf&eacute; \
                 &#x201c;&x;&#8221; <i>in</i><![CDATA[ <raw> ]]></b><b/></ns0:n>";
    let tree = tree(input);
    let root = tree.root();
    assert_eq!(tree.name(root), "n");
    assert_eq!(tree.attribute(root, "a").expect("there").text(), "1 & 2");
    let b = tree.child(root, "b").expect("there");
    assert_eq!(tree.said(b).as_deref(), Some("Café “&x;” in <raw>"));
    let lifted = tree.text(b);
    let at = lifted.text().find('é').expect("there");
    assert_eq!(lifted.place(Span::new(at, at + 2)).of(input), "&eacute;");
    let value = tree.attribute(b, "k").expect("there");
    assert_eq!((value.text(), value.span().of(input)), ("v", "v"));
    assert_eq!(tree.all(root, "b").count(), 2);
    assert_eq!(tree.at(root, "b/i").len(), 1);
    assert_eq!(tree.inner(tree.at(root, "b/i")[0]).of(input), "in");
}

#[test]
fn what_ends_too_early_nests_too_deep_or_has_too_many_elements_is_refused() {
    let parse = |input: &str| {
        let rules = Rules {
            depth_max: 10,
            tokens_max: 100,
            ..Rules::default()
        };
        Tree::parse(input, &rules).map(drop).expect_err("refused")
    };
    for cut in ["<a><b>text", "<a><b>text</b", "<a><!-- ", "<a><b k=\"v"] {
        assert!(matches!(parse(cut), Refusal::Truncated { .. }), "{cut}");
    }
    assert_eq!(parse(&"<a>".repeat(50)), Refusal::TooDeep { max: 10 });
    let many = format!("<a>{}</a>", "<b/>".repeat(200));
    assert!(matches!(parse(&many), Refusal::TooMany { .. }));
}

#[test]
fn end_tags_that_end_nothing_are_passed_over() {
    let tree = tree("<a></x><b>one<c>two</b>three</a>");
    let b = tree.child(tree.root(), "b").expect("there");
    assert_eq!(tree.said(b).as_deref(), Some("onetwo"));
    assert_eq!(tree.said(tree.root()).as_deref(), Some("onetwothree"));
}

#[test]
fn the_root_is_found_past_whatever_stands_before_it() {
    let root = |head| Root::of(head).map(|root| root.name);
    assert_eq!(
        root("\n<?xml version='1.0'?><!-- <x> --><!DOCTYPE a [<!ENTITY b '>'>]>\n<p:nitf a='>'>"),
        Some("nitf")
    );
    assert_eq!(root("<html><body>"), Some("html"));
    assert_eq!(root("text <b>"), None);
    assert_eq!(root("<<"), None);
}
