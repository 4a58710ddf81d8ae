"""The XSD of a layout, written from the layout itself: data/transcripts/*.xsd are its product, and a test compares. Pure."""

from __future__ import annotations

from .profile import Field, Profile, Section, Signer

HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<!-- {title}
     {source}. Sinh từ {code}.json: sửa tệp đó, không sửa ở đây. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="unqualified">
"""
# A date may come as dd/mm/yyyy: the specification's own example of a recall writes it so.
TYPES = r"""  <xs:simpleType name="text"><xs:restriction base="xs:string"><xs:minLength value="1"/><xs:pattern value="[\s\S]*\S[\s\S]*"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="number"><xs:restriction base="xs:decimal"><xs:fractionDigits value="4"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="datetime"><xs:restriction base="xs:dateTime"><xs:pattern value="[^.]+(\.[0-9]+)?(Z|[+\-][0-9]{2}:[0-9]{2})"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="vietnamese_day"><xs:restriction base="xs:string"><xs:pattern value="(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/[0-9]{4}"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="date"><xs:union memberTypes="xs:date datetime vietnamese_day"/></xs:simpleType>
  <xs:simpleType name="uuid"><xs:restriction base="xs:string"><xs:pattern value="[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="personal_id"><xs:restriction base="xs:string"><xs:pattern value="[0-9]{12}"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="yes_no"><xs:restriction base="xs:string"><xs:enumeration value="0"/><xs:enumeration value="1"/></xs:restriction></xs:simpleType>
  <xs:complexType name="signed_moment"><xs:simpleContent><xs:extension base="datetime"><xs:attribute name="id" type="xs:ID"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="signed_number"><xs:simpleContent><xs:extension base="personal_id"><xs:attribute name="id" type="xs:ID"/></xs:extension></xs:simpleContent></xs:complexType>
"""
# The signature itself is judged by whoever verifies it, not by the schema.
SIGNATURE = (
    '<xs:any namespace="http://www.w3.org/2000/09/xmldsig#" processContents="skip" minOccurs="{least}" '
    'maxOccurs="{most}"/>'
)


def schema(profile: Profile) -> str:
    """The whole XSD: one transcript (root) or a batch of them with the sender's signature."""
    sections = "".join(_section(one, profile) for one in profile.sections)
    signers = "".join(_signer(one) for one in profile.signers)
    used = "".join(_use(one) for one in profile.sections)
    chain = "".join(_place(one) for one in profile.signers)
    head = HEADER.format(title=profile.title, source=profile.legal_source, code=profile.code)
    return (
        f"{head}{TYPES}{sections}{signers}"
        f'  <xs:element name="{profile.root}"><xs:complexType><xs:sequence>\n'
        f'    <xs:element name="{profile.data}"><xs:complexType><xs:sequence>\n{used}'
        f'    </xs:sequence><xs:attribute name="id" type="xs:ID"/></xs:complexType></xs:element>\n'
        f'    <xs:element name="{profile.signatures}"><xs:complexType><xs:sequence>\n{chain}'
        f"    </xs:sequence></xs:complexType></xs:element>\n"
        f"  </xs:sequence></xs:complexType></xs:element>\n"
        f'  <xs:element name="{profile.batch}"><xs:complexType><xs:sequence>\n'
        f'    <xs:element ref="{profile.root}" maxOccurs="unbounded"/>\n'
        f"    {SIGNATURE.format(least=0, most=1)}\n"
        f'  </xs:sequence><xs:attribute name="id" type="xs:ID" use="required"/></xs:complexType></xs:element>\n'
        f"</xs:schema>\n"
    )


def _section(section: Section, profile: Profile) -> str:
    fields = "".join(_field(one) for one in section.fields)
    # A row that somebody signs alone is found by its id.
    name = '<xs:attribute name="id" type="xs:ID" use="required"/>' if profile.part_signer(section.key) else ""
    return f'  <xs:complexType name="{section.tag}"><xs:sequence>\n{fields}  </xs:sequence>{name}</xs:complexType>\n'


def _field(field: Field) -> str:
    least = "" if field.required else ' minOccurs="0"'
    if field.only:
        return (
            f'    <xs:element name="{field.tag}"{least}><xs:simpleType><xs:restriction base="xs:string">'
            f'<xs:enumeration value="{field.only}"/></xs:restriction></xs:simpleType></xs:element>\n'
        )
    return f'    <xs:element name="{field.tag}" type="{field.type}"{least}/>\n'


def _use(section: Section) -> str:
    most = ' maxOccurs="unbounded"' if section.repeat else ""
    return f'      <xs:element name="{section.tag}" type="{section.tag}"{most}/>\n'


def _signer(signer: Signer) -> str:
    number = '    <xs:element name="SO_CCCD" type="signed_number"/>\n' if signer.personal_id else ""
    return (
        f'  <xs:complexType name="{signer.tag}"><xs:sequence>\n'
        f'    <xs:element name="NGAY_KY" type="signed_moment"/>\n{number}'
        f"    {SIGNATURE.format(least=1, most=1)}\n"
        f'  </xs:sequence><xs:attribute name="id" type="xs:ID"/></xs:complexType>\n'
    )


def _place(signer: Signer) -> str:
    # Optional for the schema: the same file is validated before and after each signature. Which signatures a transcript
    # must carry to be received is asked beside the schema (chain.py).
    most = ' maxOccurs="unbounded"' if signer.repeat else ""
    return f'      <xs:element name="{signer.tag}" type="{signer.tag}" minOccurs="0"{most}/>\n'
